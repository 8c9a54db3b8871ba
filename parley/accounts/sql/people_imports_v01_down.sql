drop policy people_import_rows_owner on people_import_rows; drop policy people_import_rows_service on people_import_rows;
drop policy people_import_rows_admin on people_import_rows;
drop policy people_imports_owner on people_imports; drop policy people_imports_service on people_imports;
drop policy people_imports_admin on people_imports;
alter table people_import_rows drop constraint people_import_rows_same_org;
alter table people_imports drop constraint people_imports_by;
